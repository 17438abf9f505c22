"""What somebody fills in: an address and how often."""

from django import forms
from django.utils.encoding import punycode

from alerts.models import Subscription


class SubscribeForm(forms.Form):
    address = forms.EmailField(
        label="Your e-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )
    frequency = forms.ChoiceField(label="How often", choices=Subscription.Frequency, initial="weekly", widget=forms.RadioSelect)

    def clean_address(self):
        """The part after the @ means the same in capitals; the part before may not."""
        name, _, domain = self.cleaned_data["address"].rpartition("@")
        try:
            punycode(domain)
        except UnicodeError:
            raise forms.ValidationError("No mail can go to this domain: it holds letters that no domain has.") from None
        return f"{name}@{domain.lower()}"
