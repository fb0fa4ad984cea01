"""Base URLs, callback URLs and callback hosts."""

from __future__ import annotations

import pytest

from momopy import errors, markets, values

BAD_BASE_URLS = [
    "",
    " ",
    "proxy.momoapi.mtn.com",
    "//proxy.momoapi.mtn.com",
    "https:proxy.momoapi.mtn.com",
    "https:/proxy.momoapi.mtn.com",
    "https:///proxy.momoapi.mtn.com",
    "https://",
    "https://:443",
    "http://proxy.momoapi.mtn.com",
    "http://sandbox.momodeveloper.mtn.com",
    "ftp://proxy.momoapi.mtn.com",
    "file:///etc/passwd",
    "javascript://proxy.momoapi.mtn.com",
    "https://user@proxy.momoapi.mtn.com",
    "https://merchant:hunter22@proxy.momoapi.mtn.com",
    "https://@proxy.momoapi.mtn.com",
    "https://proxy.momoapi.mtn.com@evil.example",
    "https://proxy.momoapi.mtn.com:443@evil.example",
    "https://127.0.0.1@evil.example",
    "https://proxy.momoapi.mtn.com?x=1",
    "https://proxy.momoapi.mtn.com/?",
    "https://proxy.momoapi.mtn.com#evil",
    "https://proxy.momoapi.mtn.com/collection",
    "https://proxy.momoapi.mtn.com/collection/",
    "https://proxy.momoapi.mtn.com/collection/v1_0",
    "https://proxy.momoapi.mtn.com/..",
    "https://proxy.momoapi.mtn.com//",
    "https://proxy.momoapi.mtn.com.",
    "https://proxy.momoapi.mtn.com:",
    "https://proxy.momoapi.mtn.com:0",
    "https://proxy.momoapi.mtn.com:65536",
    "https://proxy.momoapi.mtn.com:443x",
    "https://proxy.momoapi.mtn.com:-1",
    "https://proxy.momoapi.mtn.com:8443",
    "https://proxy.momoapi.mtn.com\\@evil.example",
    "https://proxy.momoapi.mtn.com%2eevil.example",
    "https://proxy.momoapi.mtn.com evil.example",
    " https://proxy.momoapi.mtn.com",
    "https://proxy.momoapi.mtn.com\n",
    "https://proxy.momoapi.mtn.com\r\nHost: evil.example",
    "https://proxy.momoapi.mtn.com\0",
    "https://proxy.momoapi.mtn.com.evil.example",
    "https://evil-proxy.momoapi.mtn.com",
    "https://mtn.com",
    "https://proxy.momoapi.mtn.c\u043em",
    "https://pr\u00f6xy.momoapi.mtn.com",
    "https://proxy\u3002momoapi.mtn.com",
    "https://xn--prxy-5qa.momoapi.mtn.com",
    "https://-proxy.momoapi.mtn.com",
    "https://proxy..mtn.com",
    "https://" + "a" * 64 + ".mtn.com",
    "https://" + "a." * 130 + "com",
    "https://" + "a" * 2048 + ".com",
    "https://momodeveloper.mtn.com",
    "https://momoapi.mtn.com",
    "https://10.0.0.1",
    "https://169.254.169.254",
    "https://0.0.0.0",
    "http://0.0.0.0:8765",
    "http://2130706433",
    "http://127.1",
    "http://127.0.1",
    "http://0x7f.0.0.1",
    "http://0x7f000001",
    "http://0177.0.0.1",
    "http://127.0.0.01",
    "http://127.0.0.256",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://evil.localhost",
    "http://localhost.",
    "http://[::]",
    "http://[::ffff:127.0.0.1]",
    "http://[fe80::1%25eth0]",
    "http://[::1",
    "http://::1",
    "http://[::g]",
    "http://[127.0.0.1]",
    "http://[]",
    "https://[2001:db8::1]",
]


@pytest.mark.parametrize("bad", BAD_BASE_URLS, ids=range(len(BAD_BASE_URLS)))
def test_a_base_url_that_may_not_get_the_credentials_is_refused(bad: str) -> None:
    with pytest.raises(errors.InvalidBaseURL) as caught:
        values.base_url(bad, allow_custom_host=False)
    assert caught.value.parameter == "base_url"
    if len(bad) > 3:
        assert bad not in str(caught.value)
    for part in ("hunter22", "merchant", "evil"):
        assert part not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 7, b"https://proxy.momoapi.mtn.com", ["x"]], ids=repr)
def test_a_base_url_of_a_wrong_type_is_a_type_error(wrong: object) -> None:
    with pytest.raises(errors.InvalidBaseURL) as caught:
        values.base_url(wrong, allow_custom_host=True)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        *((host, host) for host in sorted(markets.KNOWN_HOSTS)),
        ("https://proxy.momoapi.mtn.com/", "https://proxy.momoapi.mtn.com"),
        ("HTTPS://Proxy.MoMoAPI.mtn.COM:443/", "https://proxy.momoapi.mtn.com"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://127.0.0.1:8765/", "http://127.0.0.1:8765"),
        ("http://127.5.6.7:1", "http://127.5.6.7:1"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://127.0.0.1:443", "https://127.0.0.1"),
        ("https://127.0.0.1:80", "https://127.0.0.1:80"),
        ("http://LOCALHOST:65535", "http://localhost:65535"),
        ("http://[::1]:8765", "http://[::1]:8765"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
    ],
)
def test_a_base_url_is_returned_in_one_form(given: str, normal: str) -> None:
    assert values.base_url(given, allow_custom_host=False) == normal
    assert values.base_url(normal, allow_custom_host=False) == normal


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://gateway.example:8443/", "https://gateway.example:8443"),
        ("https://momo", "https://momo"),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://xn--prxy-5qa.example", "https://xn--prxy-5qa.example"),
        ("https://proxy.momoapi.mtn.com:8443", "https://proxy.momoapi.mtn.com:8443"),
    ],
)
def test_another_host_needs_the_callers_word(given: str, normal: str) -> None:
    with pytest.raises(errors.InvalidBaseURL, match="allow_custom_host=True"):
        values.base_url(given, allow_custom_host=False)
    assert values.base_url(given, allow_custom_host=True) == normal


@pytest.mark.parametrize(
    "bad",
    [
        "http://gateway.example",
        "http://10.0.0.1",
        "https://u:p@gateway.example",
        "https://gateway.example/momo",
        "https://gateway.example?x",
        "http://127.0.0.1.evil.example",
        "https://127.1",
        "https://gateway.example.",
    ],
)
def test_the_callers_word_lifts_no_other_rule(bad: str) -> None:
    with pytest.raises(errors.InvalidBaseURL):
        values.base_url(bad, allow_custom_host=True)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("https://momodeveloper.mtn.com", "portal for people, no API host"),
        ("https://momoapi.mtn.com/", "portal for people, no API host"),
        ("https://proxy.momoapi.mtn.com/collection", "/collection is added"),
        ("https://proxy.momoapi.mtn.com/Collection/", "/collection is added"),
        ("https://gateway.example/momo", "without a path"),
        ("http://proxy.momoapi.mtn.com", "must begin with https://"),
        ("https://a:b@proxy.momoapi.mtn.com", "no user name or password"),
        ("https://proxy.momoapi.mtn.com?a=b", "no query"),
        ("https://proxy.momoapi.mtn.com.", "without a dot at its end"),
        ("https://proxy.momoapi.mtn.com:99999", "port between 1 and 65535"),
        ("https://pr\u00f6xy.example", "xn--"),
    ],
)
def test_a_base_url_is_refused_with_its_own_rule(bad: str, sentence: str) -> None:
    with pytest.raises(errors.InvalidBaseURL, match=sentence):
        values.base_url(bad, allow_custom_host=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "http://127.9.9.9:1", "http://localhost:8", "https://[::1]:1"])
def test_loopback_is_known(url: str) -> None:
    assert values.is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        *sorted(markets.KNOWN_HOSTS),
        "https://localhost.example",
        "https://10.0.0.1",
        "https://127.0.0.1.example",
        "https://127.0.0.1@evil.example",
        "not a url",
        "",
        "https://[::2]",
        "https://128.0.0.1",
    ],
)
def test_what_is_not_loopback_is_not_taken_for_it(url: str) -> None:
    assert not values.is_loopback(url)


BAD_ANYWHERE = [
    "",
    "shop.example.com/hook",
    "//shop.example.com/hook",
    "https:/shop.example.com/hook",
    "https:///hook",
    "https://",
    "ftp://shop.example.com/hook",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https://user@shop.example.com/hook",
    "https://user:word@shop.example.com/hook",
    "https://@shop.example.com/hook",
    "https://shop.example.com/hook?order=1",
    "https://shop.example.com/hook?",
    "https://shop.example.com?order=1",
    "https://shop.example.com/hook#part",
    "https://shop.example.com#",
    "https://shop.example.com:/hook",
    "https://shop.example.com:0/hook",
    "https://shop.example.com:65536/hook",
    "https://shop.example.com:http/hook",
    "https://shop.example.com./hook",
    "https://shop..example.com/hook",
    "https://.example.com/hook",
    "https://-shop.example.com/hook",
    "https://shop-.example.com/hook",
    "https://shop_one.example.com/hook",
    "https://shop.example.com/ho ok",
    "https://shop.example.com/hook ",
    " https://shop.example.com/hook",
    "https://shop.example.com/hook\n",
    "https://shop.example.com/hook\r\nX-Injected: 1",
    "https://shop.example.com/ho\tok",
    "https://shop.example.com/ho\0ok",
    "https://shop.example.com/ho\x7fok",
    "https://shop.example.com/h\u00f4ok",
    "https://sh\u00f4p.example.com/hook",
    "https://shop.example.com/ho\\ok",
    "https://shop.example.com\\evil.example/hook",
    'https://shop.example.com/"hook"',
    "https://shop.example.com/<hook>",
    "https://shop.example.com/{order}",
    "https://shop.example.com/ho%ok",
    "https://shop.example.com/hook%2",
    "https://shop.example.com%00/hook",
    "https://shop.example.com///hook",
    "https://shop.example.com/hook///",
    "https://[::1/hook",
    "https://[::g]/hook",
    "https://2130706433/hook",
    "https://127.1/hook",
    "https://0x7f.0.0.1/hook",
    "https://shop.example.com/" + "a" * 2048,
]
BAD_OUTSIDE = [
    "http://shop.example.com/hook",
    "http://127.0.0.1:8000/hook",
    "http://localhost:8000/hook",
    "https://localhost/hook",
    "https://shop.localhost/hook",
    "https://merchant/hook",
    "https://127.0.0.1/hook",
    "https://10.1.2.3/hook",
    "https://169.254.169.254/hook",
    "https://[::1]/hook",
    "https://[2001:db8::1]:8443/hook",
]


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("bad", BAD_ANYWHERE, ids=range(len(BAD_ANYWHERE)))
def test_a_callback_url_that_cannot_be_one_is_refused(bad: str, local: bool) -> None:
    with pytest.raises(errors.InvalidCallback) as caught:
        values.callback_url(bad, local=local)
    assert caught.value.parameter == "callback"
    if len(bad) > 3:
        assert bad not in str(caught.value)


@pytest.mark.parametrize("bad", BAD_OUTSIDE)
def test_a_callback_url_for_mtn_has_to_be_reachable_and_https(bad: str) -> None:
    with pytest.raises(errors.InvalidCallback):
        values.callback_url(bad, local=False)
    assert values.callback_url(bad, local=True) == bad


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize(
    "good",
    [
        "https://shop.example.com",
        "https://shop.example.com/",
        "https://shop.example.com/momo/hook/3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "https://shop.example.com:8443/hook",
        "https://xn--shp-2na.example/hook",
        "https://a1.b2.c3.example.co.rw/h-o_o.k~x;v=1/%C3%A9",
        "https://" + "a" * 63 + ".example.com/hook",
        "https://shop.example.com/" + "a" * (2048 - 25),
        "HTTPS://Shop.Example.com/Hook",
        "https://3scale.example.com/hook",
    ],
    ids=range(10),
)
def test_a_good_callback_url_is_passed_on_as_it_is(good: str, local: bool) -> None:
    assert values.callback_url(good, local=local) == good


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("shop.example.com", "shop.example.com"),
        ("Shop.Example.COM", "shop.example.com"),
        ("shop.example.com:8443", "shop.example.com"),
        ("https://shop.example.com", "shop.example.com"),
        ("https://shop.example.com:8443/momo/hook?x=1#y", "shop.example.com"),
        ("http://shop.example.com/hook", "shop.example.com"),
        ("localhost", "localhost"),
        ("string", "string"),
    ],
)
@pytest.mark.parametrize("local", [False, True])
def test_the_callback_host_is_taken_out_of_what_is_given(given: str, host: str, local: bool) -> None:
    assert values.callback_host(given, local=local) == host


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("http://127.0.0.1:8000/hook", "127.0.0.1"),
    ],
)
def test_a_callback_host_by_its_address_is_for_a_local_momo(given: str, host: str) -> None:
    assert values.callback_host(given, local=True) == host
    with pytest.raises(errors.InvalidCallback, match="must be a host name, not an IP address") as caught:
        values.callback_host(given)
    assert given not in str(caught.value)


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("bad", ["[::1]", "[::1]:8000", "https://[2001:DB8:0::1]:8443/hook?x=1"])
def test_no_callback_host_is_an_ipv6_address(bad: str, local: bool) -> None:
    with pytest.raises(errors.InvalidCallback, match="must be a host name, not an IP address"):
        values.callback_host(bad, local=local)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        " ",
        "shop.example.com/hook",
        "shop.example.com?x",
        "shop.example.com#x",
        "u@shop.example.com",
        "shop example",
        "https://",
        "https://u:p@shop.example.com",
        "ftp://shop.example.com",
        "shop.example.com.",
        "shôp.example",
        "shop.example.com\n",
        "shop..example",
        "-shop.example",
        "127.1",
        "shop.example.com:99999",
        "a\\b",
        "*.example.com",
    ],
)
@pytest.mark.parametrize("local", [False, True])
def test_what_is_no_callback_host_is_refused(bad: str, local: bool) -> None:
    with pytest.raises(errors.InvalidCallback) as caught:
        values.callback_host(bad, local=local)
    assert caught.value.parameter == "url_callback"
    if len(bad) > 3:
        assert bad not in str(caught.value)
