# briefing as an image: `docker build -t briefing .`, then compose.yaml or docs/how-to.md.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY briefing briefing
COPY templates templates
COPY seeds seeds
ARG EXTRAS=alerts,dask,dkim,parquet,postgresql
RUN python -m venv /opt/briefing \
    && /opt/briefing/bin/pip install --no-cache-dir --constraint constraints.txt \
       ".[${EXTRAS}]"

FROM python:3.11-slim
COPY --from=build /opt/briefing /opt/briefing
RUN useradd --system --uid 10001 --home-dir /data briefing \
    && install --directory --owner=briefing --mode=0750 /data
ENV PATH=/opt/briefing/bin:$PATH PYTHONUNBUFFERED=1
USER briefing
WORKDIR /data
VOLUME /data
# Stopping waits for the build and the mails that are under way.
STOPSIGNAL SIGTERM
ENTRYPOINT ["briefing"]
CMD ["run"]
