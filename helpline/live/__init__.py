"""The live process: accepting messages, streaming events. All `async` code lives here."""
