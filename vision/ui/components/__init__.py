"""Components of our own for the pages: the film player, two films on one clock, the drop zone.

Their scripts load nothing from elsewhere and put every text in as text. A server that sends a
Content-Security-Policy has to allow ``script-src blob:``: that is how Streamlit mounts a module.
"""

from vision.ui.components.film_player import CompareEvents, Film, PlayerEvents, compare_player, player
from vision.ui.components.uploading import Finished, upload

__all__ = ["CompareEvents", "Film", "Finished", "PlayerEvents", "compare_player", "player", "upload"]
