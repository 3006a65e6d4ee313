"""The database itself refuses to change or empty the record."""

from django.db import migrations

from xianfeng.foundation.record.digest import CREATE_FUNCTION

REFUSE = """
CREATE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER record_entry_rows BEFORE UPDATE OR DELETE ON record_entry
    FOR EACH ROW EXECUTE FUNCTION record_refuse();
CREATE TRIGGER record_entry_whole BEFORE TRUNCATE ON record_entry
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse();
"""
ALLOW = """
DROP TRIGGER record_entry_whole ON record_entry;
DROP TRIGGER record_entry_rows ON record_entry;
DROP FUNCTION record_refuse();
"""
DROP_FUNCTION = (
    "DROP FUNCTION record_digest(bytea, text, bigint, integer, timestamptz, text, bigint, text, text, text)"
)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_FUNCTION, DROP_FUNCTION),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
