# docker build -t pullquote .
# docker run --rm -p 127.0.0.1:8000:8000 -v pullquote:/app/library pullquote
#
# Inside, it listens for others, so that writing needs a key. One is made with
# docker run --rm -v pullquote:/app/library pullquote pullquote keys create
#
# The models are inside: a container needs no network to start.

FROM python:3.11.14-slim-bookworm AS builder

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

# PyTorch first, its CPU build: everything that needs it then finds it installed.
COPY constraints.txt ./
RUN pip install --no-deps --index-url https://download.pytorch.org/whl/cpu \
    "$(grep '^torch==' constraints.txt)"

# The dependencies alone, so that a change of the code does not install them again.
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > requirements.txt \
    && pip install -c constraints.txt -r requirements.txt

COPY README.md LICENSE NOTICE ./
COPY index index
COPY qa qa
RUN pip install --no-deps .


FROM python:3.11.14-slim-bookworm

RUN groupadd --gid 10001 pullquote \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin pullquote \
    && install -d -o pullquote -g pullquote /app/library
COPY --from=builder /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE NOTICE ./
COPY seeds seeds

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    PULLQUOTE_LOG_FORMAT=json
USER 10001:10001
VOLUME /app/library
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["pullquote", "serve", "--host", "0.0.0.0"]
