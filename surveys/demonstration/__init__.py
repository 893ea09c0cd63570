"""演示数据: field work of a synthetic province, made with the same services as real work."""
