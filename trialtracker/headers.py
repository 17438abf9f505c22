"""Headers that neither Django nor django-csp sends: which of a browser's powers the pages may use, which is none of them."""

REFUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock",
    "serial", "usb", "web-share", "xr-spatial-tracking",
)  # fmt: skip

PERMISSIONS_POLICY = ", ".join(f"{power}=()" for power in REFUSED)


def permissions_policy(get_response):
    """Middleware that sends Permissions-Policy with every answer."""

    def answer(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return answer
