"""Web processes that remember sessions are told of everything that changes what a session says (people/remembered.py)."""

from django.db import migrations

TELL = """
CREATE FUNCTION people_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('people_changed', '');
    RETURN NULL;
END $$;
CREATE TRIGGER people_session_changed AFTER UPDATE OR DELETE ON people_session
    FOR EACH STATEMENT EXECUTE FUNCTION people_changed();
CREATE TRIGGER people_person_changed
    AFTER UPDATE OF name, mobile_sealed, mobile_hash, area_id, lat, lon, language, mode, joined_at, left_at OR DELETE
    ON people_person FOR EACH STATEMENT EXECUTE FUNCTION people_changed();
CREATE TRIGGER people_pioneer_changed
    AFTER INSERT OR UPDATE OF kind, spokesperson_id OR DELETE ON people_pioneer
    FOR EACH STATEMENT EXECUTE FUNCTION people_changed();
"""
SILENCE = """
DROP TRIGGER people_pioneer_changed ON people_pioneer;
DROP TRIGGER people_person_changed ON people_person;
DROP TRIGGER people_session_changed ON people_session;
DROP FUNCTION people_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_api_key")]

    operations = [migrations.RunSQL(TELL, SILENCE)]
