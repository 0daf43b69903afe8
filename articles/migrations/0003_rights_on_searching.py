"""The group Editors, where there is one, gets the rights on what 0002 brought: name rings and followed searches.

Once: what staff then take away from the group stays away. In a new archive the group is made with these rights.
"""

from django.db import migrations

EDITORS = "Editors"
KEPT = {"namering": "name ring", "followedsearch": "followed search"}
RIGHTS = ("add", "change", "delete", "view")


def give_rights(apps, schema_editor):
    using = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(using)
    editors = groups.filter(name=EDITORS).first()
    if editors is None:
        return
    kinds = apps.get_model("contenttypes", "ContentType").objects.using(using)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for model, name in KEPT.items():
        # Django itself makes these rows after the last migration only; it takes those that are there.
        kind, _ = kinds.get_or_create(app_label="articles", model=model)
        for right in RIGHTS:
            named = {"name": f"Can {right} {name}"}
            given, _ = permissions.get_or_create(content_type=kind, codename=f"{right}_{model}", defaults=named)
            editors.permissions.add(given)


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0002_searching"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop, elidable=True)]
