"""The languages that a line may offer a conversation in, each by its own name."""

LANGUAGES = {
    "en": "English",
    "mi": "Te reo Māori",
    "sm": "Gagana Sāmoa",
    "to": "Lea faka-Tonga",
    "fj": "Na vosa vakaviti",
    "zh": "中文",
    "hi": "हिन्दी",
    "ko": "한국어",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
}
