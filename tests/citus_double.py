"""What `faktura db distribute` needs of the extension Citus, as a double: no machine of these tests can install it.

It keeps what Citus keeps and refuses what Citus refuses: a table that is distributed already, a key or unique index
without the distribution column, a foreign key from what each machine has a copy of to what is distributed.
"""

from typing import LiteralString

CITUS: tuple[LiteralString, ...] = (
    """
CREATE TABLE citus_tables (
    table_name regclass PRIMARY KEY, citus_table_type text, distribution_column text, colocated_with text
)
    """,
    """
CREATE FUNCTION refuse_what_citus_refuses(wanted regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM citus_tables WHERE table_name = wanted) THEN
        RAISE EXCEPTION 'table "%" is already distributed', wanted;
    END IF;
END $$
    """,
    """
CREATE FUNCTION create_distributed_table(wanted regclass, by_column text, colocate_with text DEFAULT 'default')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    without text;
BEGIN
    PERFORM refuse_what_citus_refuses(wanted);
    IF colocate_with <> 'default' AND NOT EXISTS (
        SELECT FROM citus_tables WHERE table_name = colocate_with::regclass AND citus_table_type = 'distributed'
    ) THEN
        RAISE EXCEPTION 'relation % is not distributed', colocate_with;
    END IF;
    SELECT indexrelid::regclass::text INTO without FROM pg_index
    WHERE indrelid = wanted AND indisunique AND NOT EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = wanted AND attname = by_column AND attnum = ANY (indkey)
    );
    IF without IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create constraint on "%": % does not include the partition column', wanted, without;
    END IF;
    INSERT INTO citus_tables VALUES (wanted, 'distributed', by_column, colocate_with);
END $$
    """,
    """
CREATE FUNCTION create_reference_table(wanted regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_what_citus_refuses(wanted);
    IF EXISTS (
        SELECT FROM pg_constraint JOIN citus_tables ON table_name = confrelid
        WHERE contype = 'f' AND conrelid = wanted AND citus_table_type = 'distributed'
    ) THEN
        RAISE EXCEPTION 'a reference table cannot refer to a distributed one: %', wanted;
    END IF;
    INSERT INTO citus_tables VALUES (wanted, 'reference', '<none>', NULL);
END $$
    """,
)
