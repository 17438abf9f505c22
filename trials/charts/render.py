"""Draws Vega-Lite specifications as SVG, in a process of its own: the library brings a JavaScript engine of about 100 MB, which should not
stay in every web process. Reads a JSON list of specifications from standard input and writes a JSON list of SVG texts.
"""

import json
import sys

import vl_convert

if __name__ == "__main__":
    json.dump([vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[]) for spec in json.load(sys.stdin)], sys.stdout)
