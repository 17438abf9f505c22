"""A second factor for staff: the admin's door asks for a code, and everybody sets up their own.

`STAFF_SECOND_FACTOR` is `off`, `optional` (who has set one up is asked for it) or `required` (the admin opens with one alone). Codes come
from an authenticator app (TOTP, RFC 6238); ten recovery codes, each good for one time, stand in for a lost telephone.
"""

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.sites import AdminSite, site
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as verify_session
from django_otp.forms import OTPAuthenticationFormMixin
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
NAME = "authenticator app"


def is_on() -> bool:
    return settings.STAFF_SECOND_FACTOR != "off"


def devices_of(user):
    return TOTPDevice.objects.devices_for_user(user, confirmed=True)


def forget(user) -> None:
    """Take away a person's second factor and recovery codes."""
    TOTPDevice.objects.devices_for_user(user).delete()
    StaticDevice.objects.devices_for_user(user).delete()


class LoginForm(OTPAuthenticationFormMixin, AdminAuthenticationForm):
    """The admin's log-in with a code, which must be given and right where the person has set one up."""

    otp_token = forms.CharField(
        label="Code",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )
    otp_error_messages = OTPAuthenticationFormMixin.otp_error_messages | {
        "token_required": "You have set up a second factor: type the code that your app shows now, or a recovery code.",
        "device_required": "A code has six digits, a recovery code eight letters and digits.",
        "invalid_token": "This code is not right, or was used before. Wait for the next one.",
    }

    def clean(self):
        super().clean()
        user = self.get_user()
        if user is not None and devices_of(user).exists():
            self.clean_otp(user)
        return self.cleaned_data

    def clean_otp_token(self):
        return self.cleaned_data["otp_token"].replace(" ", "").lower()

    def _chosen_device(self, user):
        """A code shows by its shape what it is of, so that a wrong one counts against that alone."""
        token = self.cleaned_data.get("otp_token", "")
        if len(token) == 6 and token.isascii() and token.isdecimal():
            return devices_of(user).select_for_update().first()
        if len(token) == 8:
            return StaticDevice.objects.devices_for_user(user, confirmed=True).select_for_update().first()
        return None

    def _update_form(self, user):
        """Nothing: the mixin would write the password back into the page."""


class CuratingSite(AdminSite):
    """Django's admin site, which opens as `STAFF_SECOND_FACTOR` says."""

    @property
    def login_form(self):
        return LoginForm if is_on() else AdminAuthenticationForm

    @property
    def login_template(self):
        return "admin/login_with_code.html" if is_on() else None

    def has_permission(self, request):
        if not super().has_permission(request) or not is_on() or request.user.is_verified():
            return super().has_permission(request)
        return settings.STAFF_SECOND_FACTOR == "optional" and not devices_of(request.user).exists()

    def each_context(self, request):
        return super().each_context(request) | {"has_second_factor": is_on()}

    def login(self, request, extra_context=None):
        user = request.user
        if is_on() and super().has_permission(request) and not self.has_permission(request) and not devices_of(user).exists():
            return redirect("second-factor")
        return super().login(request, extra_context)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="The six digits that the app shows now",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, device, data=None):
        super().__init__(data)
        self.device = device

    def clean_code(self):
        code = self.cleaned_data["code"].replace(" ", "")
        if not self.device.verify_is_allowed()[0] or not self.device.verify_token(code):
            raise forms.ValidationError("This code is not right. Is the clock of your telephone? Wait for the next code and type that.")
        return code


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request):
    """Set up one's own second factor, make new recovery codes, or take it away."""
    user = request.user
    if not is_on():
        raise Http404("This site asks for no second factor.")
    is_staff = user.is_active and user.is_staff
    device = devices_of(user).first() if is_staff else None
    if not is_staff or (device and not user.is_verified()):
        return redirect_to_login(request.path, reverse("admin:login"))
    if device:
        return _standing(request)
    with transaction.atomic():
        TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": NAME})
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        form = CodeForm(device, request.POST if request.method == "POST" else None)
        if form.is_valid():
            device.confirmed = True
            device.save()
            verify_session(request, device)
            return _page(request, codes=_new_codes(user))
    picture = segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return _page(request, form=form, picture=picture, secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)))


def _standing(request):
    if "forget" in request.POST:
        forget(request.user)
        messages.success(request, "Your second factor is off, and its recovery codes are void.")
        return redirect("admin:index")
    if "codes" in request.POST:
        return _page(request, codes=_new_codes(request.user))
    return _page(request, codes_left=StaticToken.objects.filter(device__user=request.user).count())


def _new_codes(user) -> list[str]:
    StaticDevice.objects.devices_for_user(user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    tokens = StaticToken.objects.bulk_create(StaticToken(device=device, token=StaticToken.random_token()) for _ in range(RECOVERY_CODES))
    return [token.token for token in tokens]


def _page(request, **context):
    is_required = settings.STAFF_SECOND_FACTOR == "required"
    return render(
        request, "admin/second_factor.html", site.each_context(request) | {"title": "Second factor", "is_required": is_required} | context
    )
