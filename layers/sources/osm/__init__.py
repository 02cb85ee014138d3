"""Files of OpenStreetMap and graphs made of them: objects, tags, barriers, ferries."""
