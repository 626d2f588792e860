from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "helpline.publishing"
