"""Counter-proposals of publications: which run computes them, and the file that they came to, named once for good."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from layers.records.audit import THE_SERVICE, Act, record
from layers.records.database import Database
from layers.records.publication import Publication
from layers.records.publications import publication_row
from layers.records.run import Run, run_of
from layers.records.tables import publication as publication_table
from layers.records.tables import run as run_table


def name_counter_run(database: Database, slug: str, run_id: str) -> Publication:
    """Let a run compute the counter-proposals of a publication; one that has ended already gives its file at once.

    Parameters
    ----------
    database
    slug
    run_id
        There is one of this id.

    Raises
    ------
    FaultsError
        ``unknown-publication``.
    """
    with database.writing() as connection:
        # Locked before the publication, as where a run ends: whichever is first, the other sees it.
        row = connection.execute(select(run_table).where(run_table.c.id == run_id).with_for_update()).one()
        mine = publication_table.c.slug == slug
        connection.execute(update(publication_table).where(mine).values(counter_run=run_id))
        keep_counter_file(connection, run_of(row))
        return publication_row(connection, slug)


def keep_counter_file(connection: Connection, run: Run) -> None:
    """Name the file of a run that is done beside the publications that wait for it; what has one keeps it.

    Parameters
    ----------
    connection
        In the transaction that ends the run.
    run
        As it stands then; of any kind.
    """
    if run.state != "done" or run.result_sha is None:
        return
    waiting = (publication_table.c.counter_run == run.id, publication_table.c.counter_sha.is_(None))
    slugs = connection.scalars(select(publication_table.c.slug).where(*waiting).with_for_update()).all()
    for slug in sorted(slugs):
        mine = publication_table.c.slug == slug
        connection.execute(update(publication_table).where(mine).values(counter_sha=run.result_sha))
        detail = {"sha": run.result_sha}
        record(connection, Act(THE_SERVICE, "publication.counter-proposals", "publication", slug, detail))
