"""The review page on this computer: ``plumbline review`` starts it."""

from vision.ui.review import page

page()
