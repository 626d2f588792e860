from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "helpline.channels.email"
