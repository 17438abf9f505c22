"""Read a returned mail and forget the addresses that take none."""

import sys

from django.core.management.base import BaseCommand

from alerts.bounces import refused_addresses
from alerts.sending import stop


class Command(BaseCommand):
    help = "Read a returned mail (a delivery status notification) from standard input and stop the addresses that refuse mail for good."

    def handle(self, **options):
        addresses = refused_addresses(sys.stdin.buffer.read())
        stopped = sum(stop(address) for address in addresses)
        self.stdout.write(f"refused={len(addresses)} stopped={stopped}")
