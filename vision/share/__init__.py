"""What leaves the library because somebody asked for it: packages, and pages to hand out."""
