"""Pictures that belong together: the frames of a roll, a session or a film get one answer.

A colorizer sees one picture at a time, so the same wall is brown in one frame and gray in the next. Here each frame is
divided into cells (`looks`); cells that show the same thing are found in neighboring frames (`matching`); and all
frames move to colors that they agree on (`agreement`). A color that a person gave to an object in one frame is taken
over to the same object in others (`carry`).

All work on cells, a few hundred a frame; `moves` brings them to maps at proxy size.
"""
