"""Every setting, in one file. What an operator may change is read from the environment."""

from pathlib import Path

from milieu.config import environment
from milieu.config.keys import push_key, seal_seed, secret_key, tag_key
from milieu.config.storage import database
from milieu.people.rules import Role

SOURCE = Path(__file__).resolve().parent.parent
HOME = environment.home()
environment.refuse_root(HOME)  # before anything is written there
PORT = environment.number("MILIEU_PORT", 8000, most=65_535)
INVENTED = HOME / "invented"  # stands where the data is the demo's, so that every page says so
DEMO = environment.flag("MILIEU_DEMO", default=INVENTED.exists())
HOSTS = environment.hosts("MILIEU_HOSTS")  # names that phones use, besides localhost
BACKUPS = environment.folder("MILIEU_BACKUPS", HOME / "backups")
BACKUPS_KEPT = environment.number(
    "MILIEU_BACKUPS_KEPT", 72, most=100_000
)  # hourly, as phones keep theirs
HTTPS = environment.flag("MILIEU_HTTPS", default=False)  # `milieu serve --tls` says yes

SECRET_KEY = secret_key(HOME)
SEAL_SEED = seal_seed(HOME)  # signs the heads of the record
SEAL_HEADS = HOME / "heads"  # the newest of each facility, outside the database that they are about
TAG_KEY = tag_key(HOME)  # from it the keys of door tags are made
DEBUG = False
NAMES = [f"[{host}]" if ":" in host else host for host in HOSTS]  # as they stand in addresses
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *NAMES]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in NAMES]

# The house. Adding a kind of fact is one line in KINDS; a projection, one line in PROJECTIONS.
KINDS = [
    "milieu.admissions.services.KIND",
    "milieu.rounds.services.CHECK_KIND",
    "milieu.rounds.services.LEVEL_KIND",
    "milieu.rounds.handing.TAKE_KIND",
    "milieu.rounds.handing.GIVE_KIND",
    "milieu.rounds.handing.OFFER_KIND",
    "milieu.rounds.handing.REPLY_KIND",
    "milieu.sleep.services.PROTECT_KIND",
    "milieu.sleep.services.END_KIND",
    "milieu.sleep.services.LOOK_KIND",
    "milieu.vitals.services.KIND",
    "milieu.vitals.ordering.KIND",
    "milieu.intake.services.MEAL_KIND",
    "milieu.intake.services.DRINK_KIND",
    "milieu.behavior.services.SHIFT_KIND",
    "milieu.behavior.services.EPISODE_KIND",
    "milieu.instruments.services.KIND",
    "milieu.incident.services.MARK_KIND",
    "milieu.incident.services.REPORT_KIND",
    "milieu.incident.services.NOTIFIED_KIND",
    "milieu.calm.services.PLAN_KIND",
    "milieu.calm.services.TRIED_KIND",
    "milieu.crisis.services.START_KIND",
    "milieu.crisis.services.CHANGE_KIND",
    "milieu.crisis.services.CHECK_KIND",
    "milieu.crisis.services.END_KIND",
    "milieu.crisis.ordering.ORDER_KIND",
    "milieu.crisis.ordering.SEEN_KIND",
    "milieu.crisis.ordering.DEBRIEF_KIND",
    "milieu.crisis.reporting.OCCURRENCE_KIND",
    "milieu.crisis.reporting.REPORT_KIND",
]
RESTRAINT_TRAINED = "milieu.crisis.training.trained"  # who says who is trained to restrain
PLAN_HEARD = ["milieu.crisis.heard.in_debriefs"]  # who heard what a person's own plan might say
QUIET = ["milieu.vitals.again.waiting"]  # what the page of alerts lists that rings for nobody
RESTING = "milieu.rounds.watching.on_break"  # who is not to be told of anything now
PROJECTIONS = [  # in the order in which they rest on each other
    "milieu.admissions.projection.STANDING",
    "milieu.rounds.projection.CLOCK",
    "milieu.rounds.watching.HOLD",
    "milieu.sleep.projection.SLEEP",
    "milieu.vitals.projection.LATEST",
    "milieu.incident.projection.INCIDENT",
    "milieu.crisis.projection.APPLICATION",
]

INSTALLED_APPS = [
    "milieu.config",
    "milieu.bench",
    "milieu.shell",
    "milieu.phone",
    "milieu.hl7",
    "milieu.demo",
    "milieu.keeping",
    "milieu.evidence",
    "milieu.watch",
    "milieu.wellbeing",
    "milieu.board",
    "milieu.crisis",
    "milieu.vitals",
    "milieu.intake",
    "milieu.behavior",
    "milieu.instruments",
    "milieu.incident",
    "milieu.calm",
    "milieu.sleep",
    "milieu.help",
    "milieu.rounds",
    "milieu.admissions",
    "milieu.alerts",
    "milieu.seals",
    "milieu.presence",
    "milieu.record",
    "milieu.census",
    "milieu.people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "milieu.config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "milieu.config.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "milieu.shell.reader.ReaderMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "milieu.people.middleware.IdleMiddleware",
    "milieu.people.middleware.SettingUpMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "milieu.people.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "milieu.shell.shared.SharedPageMiddleware",
]

ROOT_URLCONF = "milieu.config.urls"
WSGI_APPLICATION = "milieu.config.asgi.pages"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "milieu.shell.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "milieu.shell.forms.Renderer"

# Where the navigation leads: (url name, label, icon, action), or a function of the request.
NAVIGATION = [
    "milieu.board.navigation.boards",
    "milieu.alerts.navigation.alerts",
    "milieu.watch.navigation.notices",
    "milieu.people.navigation.people",
    "milieu.presence.navigation.tags",
    "milieu.wellbeing.navigation.own",
]

DATABASES = {"default": database(HOME, environment.secret("MILIEU_DATABASE_URL") or "")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People: NIST SP 800-63B-4 (2025), 3.1.1.2: length and a blocklist, no composition rules.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "milieu.people.passwords.GuessedFirstValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "milieu.people.accounts.Adapter"
ACCOUNT_FORMS = {"change_password": "milieu.people.accounts.PasswordForm"}
SOCIALACCOUNT_ADAPTER = "milieu.people.accounts.SingleSignOnAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
# Nobody signs up; allauth asks for a password at sign-in only when this list names one.
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USERNAME_BLACKLIST = ["hospital-interface"]  # people/models.py: INTERFACE
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Axes counts wrong passwords, per account: a unit shares one address, so nothing is counted by it.
# Wrong codes of a second factor are counted by each process: somebody knows the password already.
ACCOUNT_RATE_LIMITS = {"login": False, "login_failed": "20/15m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"login_webauthn": "milieu.people.accounts.PasskeyForm"}
MFA_TOTP_ISSUER = "Milieu"
MFA_ROLES = environment.words(
    "MILIEU_MFA_ROLES", list(Role)
)  # roles that must have a second factor
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = environment.single_sign_on()
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]  # a unit's phones share one address: never by address
AXES_USERNAME_CALLABLE = "milieu.people.accounts.counted_name"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # see AXES_LOCKOUT_PARAMETERS
AXES_LOCKOUT_TEMPLATE = "shell/locked_out.html"

IDLE_MINUTES = environment.number("MILIEU_IDLE_MINUTES", 30, most=24 * 60)
SESSION_ENGINE = "milieu.people.sessions"
SESSION_COOKIE_AGE = 14 * 3600  # one long shift
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send Origin: null with forms
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Where alerts go besides the pages. docs/run/monitoring.md says what is sent: never about anyone.
ALERT_SERVICES = environment.secret_addresses(
    "MILIEU_ALERT_SERVICES"
)  # addresses as Apprise writes them
HEARTBEAT_URL = environment.web_address(  # empty: nobody watches from outside
    "MILIEU_HEARTBEAT_URL", environment.secret("MILIEU_HEARTBEAT_URL") or ""
)
PUSH_KEY = push_key(HOME)
PUSH_CONTACT = environment.contact("MILIEU_PUSH_CONTACT", "mailto:milieu@localhost.localdomain")
PUSH_HOSTS = [  # the push services of Chrome and Edge, Firefox, Safari, Windows; and those named
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
    *environment.hosts("MILIEU_PUSH_HOSTS"),
]

PHONE_OFF = environment.flag("MILIEU_PHONE_OFF", default=False)  # if a phone app must go

# Limits, each with its name. What a unit may change is in its pack.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576  # bytes in one request
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [SOURCE / "locale"]

STATIC_URL = "/static/"
STATICFILES_FINDERS = ["milieu.shell.light.LightFinder"]
LIGHT_FILES = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0

LOGGING_CONFIG = None  # config/logs.py sets it up: structured, without patient content
TEST_RUNNER = "django.test.runner.DiscoverRunner"

UNKNOWN_NAMES = environment.unknown()  # last: by now every name that means something was read
