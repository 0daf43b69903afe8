"""The roles that are new, in an archive that has groups or accounts already; a new one is given all of them at its start.

Nobody loses a right: who could upload can publish by it as before, and groups keep their names. Once: what staff then
take away stays away.
"""

from django.db import migrations
from django.db.models import OuterRef, Subquery

NAMES = ("source", "section", "tag", "author")
KEPT = ("namering", "followedsearch")
IMAGES = ("add_image", "change_image", "delete_image", "view_image")
TO_EDITORS = ("takedown_article", "view_health", "view_fruitlesssearch", "delete_fruitlesssearch")
ROLES = {
    "Readers": (),
    "Contributors": ("upload_article", "add_draft", "change_draft", "view_draft", *IMAGES),
    "Administrators": (
        "upload_article", "publish_article", "add_article", "change_article", "view_article",
        "delete_article", "view_original", "view_importjob", *TO_EDITORS, *IMAGES,
        *(f"{right}_{name}" for right in ("add", "change", "view", "delete") for name in NAMES + KEPT),
        "view_logentry", "add_user", "change_user", "delete_user", "view_user", "view_group",
    ),
}
APPS = {"logentry": "admin", "user": "auth", "group": "auth"}
# Rights that are named otherwise than by what they do to which model.
WORDS = {
    "upload_article": "Can upload articles",
    "publish_article": "Can publish what they upload",
    "takedown_article": "Can take articles down and bring them back",
    "view_health": "Can see the health of the archive",
}


class Rights:
    """Django itself makes these rows after the last migration only; it takes those that are there."""

    def __init__(self, apps, using):
        self.apps = apps
        self.kinds = apps.get_model("contenttypes", "ContentType").objects.using(using)
        self.permissions = apps.get_model("auth", "Permission").objects.using(using)

    def named(self, codename):
        right, _, model = codename.partition("_")
        model = "article" if codename in WORDS else model
        app = APPS.get(model, "articles")
        kind, _ = self.kinds.get_or_create(app_label=app, model=model)
        words = WORDS.get(codename) or f"Can {right} {self.words_of(app, model)}"
        return self.permissions.get_or_create(content_type=kind, codename=codename, defaults={"name": words})[0]

    def words_of(self, app, model):
        """Of apps that the archive does not build on, the state of a migration knows nothing."""
        return "log entry" if app == "admin" else self.apps.get_model(app, model)._meta.verbose_name


def make_roles(apps, schema_editor):
    using = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(using)
    users = apps.get_model("auth", "User").objects.using(using)
    if not groups.exists() and not users.exists():
        return
    rights = Rights(apps, using)
    uploading, publishing = rights.named("upload_article"), rights.named("publish_article")
    for group in groups.filter(permissions=uploading):
        group.permissions.add(publishing)
    for user in users.filter(user_permissions=uploading):
        user.user_permissions.add(publishing)
    for group in groups.filter(name="Editors"):
        group.permissions.add(*map(rights.named, TO_EDITORS))
    for name, codenames in ROLES.items():
        group, made = groups.get_or_create(name=name)
        if made:
            group.permissions.set(map(rights.named, codenames))


def tell_whose(apps, schema_editor):
    """Of drafts that an import brought it is known who imported them. Only drafts are anybody's own."""
    using = schema_editor.connection.alias
    outcomes = apps.get_model("articles", "ImportOutcome").objects.using(using)
    by = outcomes.filter(article=OuterRef("pk"), result="created").order_by("pk").values("job__created_by")[:1]
    drafts = apps.get_model("articles", "Article").objects.using(using).filter(status="draft")
    drafts.update(created_by=Subquery(by))


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0010_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(tell_whose, migrations.RunPython.noop),
    ]
