# The app as one image: web, worker and beat are commands of it (compose.yaml runs all three).
ARG PYTHON_IMAGE=python:3.13-slim
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS extension
WORKDIR /src
COPY graphql graphql
COPY dashboard_extension dashboard_extension
RUN cd dashboard_extension && npm ci --no-audit --no-fund && npm run build

FROM ${PYTHON_IMAGE} AS package
WORKDIR /src
RUN pip install --no-cache-dir build==1.6.1 uv==0.13.9
COPY . .
COPY --from=extension /src/saleor_lifecycle/static/dashboard saleor_lifecycle/static/dashboard
# The locked versions of what runs; the wheel itself is built from the sdist, as a release is.
RUN python -m build --outdir /dist \
 && uv pip compile pyproject.toml --extra redis --constraints requirements.lock --generate-hashes --quiet -o /dist/requirements.txt

FROM ${PYTHON_IMAGE}
COPY --from=package /dist /dist
RUN pip install --no-cache-dir --require-hashes -r /dist/requirements.txt \
 && pip install --no-cache-dir --no-deps /dist/*.whl \
 && rm -r /dist \
 && useradd --system --create-home --home-dir /app lifecycle
USER lifecycle
WORKDIR /app
ENV PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', 8000)}/healthz\", timeout=4)"]
ENTRYPOINT ["python", "-m", "saleor_lifecycle"]
CMD ["up"]
