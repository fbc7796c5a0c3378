# The dashboard as a non-root user, with its workspace on a volume:
#
#   docker build -t tessera .
#   docker run --rm -p 127.0.0.1:8501:8501 -v tessera:/data tessera
#
# This file has not been built yet: it was written on a machine without a Docker engine. There the digest of the base
# image could not be looked up either: `make digest` writes it into the line below, and belongs before the first build.
# Behind a proxy, name the public host: -e STREAMLIT_SERVER_ALLOWED_HOSTS=segments.example.com. The app has no login
# of its own, so a shared server belongs behind a proxy that has one.
FROM python:3.12-slim

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/data/cache/numba MPLCONFIGDIR=/tmp/matplotlib TESSERA_HOME=/data

WORKDIR /app
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY .streamlit .streamlit
COPY segmentation segmentation
COPY dashboard dashboard
COPY sample_data sample_data
RUN pip install --no-deps --no-build-isolation --editable . \
    && useradd --system --uid 10001 --create-home tessera \
    && install -d -o tessera -g tessera -m 0700 /data

USER tessera
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["python", "-m", "dashboard", "--host", "0.0.0.0", "--port", "8501", "--no-browser"]
