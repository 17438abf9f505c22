import os

from django.core.wsgi import get_wsgi_application

from trialtracker.crowd import Turnstile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialtracker.settings")

application = Turnstile(get_wsgi_application())
