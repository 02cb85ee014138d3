"""Small counties written as lines and places, and whose cell a point lies in."""

import geopandas as gpd
from shapely import LineString, Point, box

from gis.grid import draw_cells

CRS = "EPSG:4548"


def road_county(lines, places, *, ends=None, townships=None, **columns):
    """Cells of places {id: (x, y)} on lines whose ends are nodes."""
    lines = [LineString(line) for line in lines]
    corners = list(dict.fromkeys(xy for line in lines for xy in (line.coords[0], line.coords[-1])))
    ends = ends or [(corners.index(line.coords[0]), corners.index(line.coords[-1])) for line in lines]
    roads = gpd.GeoDataFrame(
        {"u": [u for u, _ in ends], "v": [v for _, v in ends], "length_m": [x.length for x in lines], **columns},
        geometry=lines,
        crs=CRS,
    )
    units = gpd.GeoDataFrame(
        {"name": list(places)}, geometry=[Point(xy[:2]) for xy in places.values()], index=list(places), crs=CRS
    )
    if townships is not None:
        units["township_id"] = [xy[2] for xy in places.values()]
        return draw_cells(units, townships, None, roads, county_code="371424")
    county = gpd.GeoDataFrame(geometry=[box(-500, -500, 4500, 2500)], crs=CRS)
    return draw_cells(units, None, county, roads, county_code="371424")


def owners(drawn, *points):
    cells = drawn.cells.set_index("village_id").geometry
    return ["".join(cells.index[cells.contains(Point(point))]) for point in points]
