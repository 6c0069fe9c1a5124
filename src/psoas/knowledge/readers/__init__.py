"""What people write freely, read: medicines, illnesses and allergies, by name, brand or class."""
