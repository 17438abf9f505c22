"""Headers that neither Django nor django-csp sends: which of a browser's powers the pages may use: its place, on “Near me”, and
no other."""

REFUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock",
    "serial", "usb", "web-share", "xr-spatial-tracking",
)  # fmt: skip

PERMISSIONS_POLICY = ", ".join(["geolocation=(self)", *(f"{power}=()" for power in REFUSED)])


def permissions_policy(get_response):
    """Middleware that sends Permissions-Policy with every answer."""

    def answer(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return answer
