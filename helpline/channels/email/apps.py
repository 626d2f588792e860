from importlib import import_module

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "helpline.channels.email"

    def ready(self) -> None:
        import_module(f"{self.name}.ways").register()  # only now: it knows models
