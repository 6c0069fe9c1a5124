"""The musculoskeletal model: lumbar spine, pelvis and hips with a whole psoas."""
