"""The library: athletes, sets, notes and drawings, and where their files lie."""
