# One image for web, worker and beat: compose.yaml says which of them a container is.

FROM python:3.13-slim-trixie AS packages
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock \
 && /opt/venv/bin/pip uninstall --yes --quiet pip

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker \
 && install --directory --owner tracker --mode 0750 /var/lib/trialtracker
# pg_dump and pg_restore, for `manage.py backup` and `restore`: Debian's own, with the fixes of the day on which the image is built.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/*
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY manage.py gunicorn.conf.py ./
COPY alerts alerts
COPY therapies therapies
COPY trials trials
COPY trialtracker trialtracker
COPY templates templates
# The root file system may be read-only: what is written goes to VAR_DIR, and byte code is made now.
RUN /opt/venv/bin/python -m compileall -q alerts therapies trials trialtracker
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/trialtracker HOST=0.0.0.0 PORT=8000
USER tracker
VOLUME /var/lib/trialtracker
EXPOSE 8000
CMD ["gunicorn", "trialtracker.wsgi"]
