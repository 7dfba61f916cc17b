"""worker: handles the messages of a queue, and reports what ended in its dead-letter queue."""

import logging
import os

import boto3

logging.basicConfig(level=os.environ.get("LOG_LEVEL", "info").upper())

sqs = boto3.client("sqs")
metrics = boto3.client("cloudwatch")


def messages(url, wait):
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait)
    return answer.get("Messages", [])


def done(url, message):
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


while True:
    for message in messages(os.environ["JOBS"], wait=20):
        logging.info("job %s", message["Body"])
        done(os.environ["JOBS"], message)
    for message in messages(os.environ["JOBS_DEAD_LETTERS"], wait=0):
        logging.error("given up: %s", message["Body"])
        metrics.put_metric_data(
            Namespace="MyApps", MetricData=[{"MetricName": "GivenUp", "Value": 1}]
        )
        done(os.environ["JOBS_DEAD_LETTERS"], message)
