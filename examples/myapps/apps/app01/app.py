"""app01: takes calls, asks app02 for the date, leaves a message for the worker."""

import json
import logging
import os
import urllib.request

import boto3
from aws_xray_sdk.core import patch_all, xray_recorder
from aws_xray_sdk.ext.flask.middleware import XRayMiddleware
from flask import Flask, jsonify

logging.basicConfig(level=os.environ.get("LOG_LEVEL", "info").upper())

app = Flask(__name__)
xray_recorder.configure(service="app01")
XRayMiddleware(app, xray_recorder)
patch_all()

queue = boto3.client("sqs")


@app.get("/")
def index():
    with urllib.request.urlopen(os.environ["DATE_URL"], timeout=2) as answer:
        date = json.load(answer)["date"]
    queue.send_message(QueueUrl=os.environ["JOBS"], MessageBody=json.dumps({"asked": date}))
    return jsonify(date=date)


@app.get("/health")
def health():
    return "ok"


app.run(host="0.0.0.0", port=8080)
