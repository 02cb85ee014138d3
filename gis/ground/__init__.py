"""The ground of a county as a base map draws it: one compact answer for the page and for prints.

Form of the answer (:func:`gis.ground.county_ground.county_ground` makes it, ``GET /api/ground`` serves it):

``edition``
    Raised when the form changes.
``origin``
    ``[x, y]``, metres of Web Mercator (EPSG:3857): the north-west corner.
``unit``
    Metres of Web Mercator that one metre on the ground is here: 1 / cos(latitude of the middle).
``size``
    ``[width, height]``, metres on the ground: the smallest rectangle with everything drawn.
``extent``
    ``[west, south, east, north]``, degrees: of the county's outline, else of its places and roads.

All positions are whole metres on the ground, east (x) and south (y) of the corner: whoever draws needs one scale and
one shift, since Web Mercator is true to shape within a county. A **path** is a flat list ``[x, y, dx, dy, dx, dy, …]``:
a position, then the steps from each to the next; a **ring** is a path whose last point is joined to its first.
:func:`gis.ground.plane.points_of` reads both.

``county``
    Rings of the outline; empty where the county has none. Holes are rings too: fill by the even-odd rule, as all rings.
``townships``
    Paths of the borders between townships, each once; the county's own outline is left out.
``settlements``
    Rings of the built-up ground of settlements; empty where the county has no village streets.
``rivers``
    Paths.
``bands``
    Roads, more of them and finer from band to band: ``{"zoom", "detail_m", "roads": {class: [path, …]}}``. ``zoom`` is
    the zoom of web maps from which a band counts, until the next; ``detail_m`` how far its lines may be off. Classes
    are those of ``gis.travel_modes.ROAD_CLASSES``, the greatest first; draw them the other way round.
``bridges``
    ``{class: [path, …]}`` of the finest band, to be drawn over what they cross.
``names``
    ``townships``: ``[x, y, name]``, the largest first, at the point farthest from the borders.
    ``villages``: ``[x, y, name]``, those with most people first.
    ``roads``, ``rivers``: ``{"name", "class", "spots"}`` (rivers have no class), the greatest class first and in it the
    longest. A spot is ``[x, y, degrees, reach_m]``: a name may stand there, its middle on the line, turned clockwise by
    so many degrees (−90 to 90), where half its length is at most the reach; farther the line bends away.

Water areas and woods have no layer yet; they will be further keys with rings.
"""
