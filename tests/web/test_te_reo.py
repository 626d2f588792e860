from helpline.web.templatetags.te_reo import bilingual, in_english, in_te_reo, marked


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
