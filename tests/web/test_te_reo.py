from django.utils.safestring import mark_safe

from helpline.web.templatetags.te_reo import bilingual, in_english, in_te_reo, marked, marked_within


def test_a_name_in_two_languages_says_which_half_is_which() -> None:
    name = "Safe to talk · Kōrero mai, ka ora"
    assert bilingual(name) == 'Safe to talk<span lang="mi"> · Kōrero mai, ka ora</span>'
    assert (in_english(name), in_te_reo(name)) == ("Safe to talk", "Kōrero mai, ka ora")


def test_a_name_in_one_language_stays_as_it_is() -> None:
    assert bilingual("Quit & stay") == "Quit &amp; stay"
    assert (in_english("Quitline"), in_te_reo("Quitline")) == ("Quitline", "")


def test_words_with_a_macron_are_marked_and_nothing_else_gets_through() -> None:
    assert marked("Family and whānau") == 'Family and <span lang="mi">whānau</span>'
    assert marked("<b>Ōtepoti</b> & co") == '&lt;b&gt;<span lang="mi">Ōtepoti</span>&lt;/b&gt; &amp; co'
    assert marked("Counselling") == "Counselling"


def test_what_has_elements_is_marked_between_them_only() -> None:
    said = '<p>Ask <b>whānau</b> at <a href="/whānau/">Ōtepoti</a>.</p>'
    between = (
        '<p>Ask <b><span lang="mi">whānau</span></b> at <a href="/whānau/"><span lang="mi">Ōtepoti</span></a>.</p>'
    )
    assert marked_within(mark_safe(said)) == between
    assert marked_within("<b>whānau</b>") == '&lt;b&gt;<span lang="mi">whānau</span>&lt;/b&gt;'  # not safe: escaped
