"""The public API, version 1: read only, the same filters as the pages, described by its own OpenAPI document.

`rules` holds what is common to all answers (JSON always, errors of one shape, throttling), `answers` the view with conditional requests,
`paging` the cursors, `shapes` what an answer looks like, `views` the addresses.
Nothing imports it but `urls` and settings.
"""
