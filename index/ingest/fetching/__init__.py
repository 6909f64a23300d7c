"""One page, file or feed from the web, and nothing from where the public has no business."""
