"""Who works where: the snapshot that reports are decided by, changes, leave, Excel and pages."""
