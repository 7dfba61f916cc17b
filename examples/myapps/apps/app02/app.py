"""app02: tells the date."""

from datetime import UTC, datetime

from aws_xray_sdk.core import xray_recorder
from aws_xray_sdk.ext.flask.middleware import XRayMiddleware
from flask import Flask, jsonify

app = Flask(__name__)
xray_recorder.configure(service="app02")
XRayMiddleware(app, xray_recorder)


@app.get("/date")
def date():
    return jsonify(date=datetime.now(UTC).isoformat())


app.run(host="0.0.0.0", port=8080)
