"""Alembic's entry: runs on the connection that ``layers.records.database`` hands over."""

from __future__ import annotations

from alembic import context

from layers.records.tables import metadata

_NOT_OURS = {("table", "spatial_ref_sys"), ("column", "geom"), ("index", "ix_incident_geom")}
"""Made by PostGIS, or by our migrations only where PostGIS is."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_object=lambda _object, name, kind, _reflected, _compared: (kind, name) not in _NOT_OURS,
)
context.run_migrations()
