"""Crashes on purpose: the process is killed, the disk is full, the file is damaged."""
