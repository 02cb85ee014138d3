"""Space: coordinates, road network, travel times, grid cells. Pure functions on arrays and frames."""
