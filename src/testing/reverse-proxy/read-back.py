"""Reads what JSON on the standard input holds, [kind, text] each, by Python's readers, and prints what they found as JSON."""
import json
import shlex
import sys
import xml.dom.minidom

import yaml


def read(kind, text):
    if kind == "yaml":
        return [document for document in yaml.safe_load_all(text) if document is not None]
    if kind == "shell":
        return shlex.split(text)
    document = xml.dom.minidom.parseString(text.encode())
    return [node.data if node.nodeType == node.COMMENT_NODE else node.tagName for node in document.childNodes]


print(json.dumps([read(kind, text) for kind, text in json.load(sys.stdin)]))
