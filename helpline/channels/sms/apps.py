from importlib import import_module

from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "helpline.channels.sms"

    def ready(self) -> None:
        import_module(f"{self.name}.ways").register()  # only now: it knows models
