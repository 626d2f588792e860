from django.apps import AppConfig


class WebchatConfig(AppConfig):
    name = "helpline.channels.webchat"
