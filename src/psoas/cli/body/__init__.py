"""Commands about the body: loads, activities, exercises, tightness, studies and views."""
