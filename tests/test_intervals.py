import uuid
from dataclasses import replace

import pytest

from annotator.model import (
    Change,
    Entity,
    Fragment,
    edit,
    edit_from_json,
    edit_to_json,
    new_id,
    reading_order,
    record_from_json,
    record_to_json,
    type_name,
)
from tests.notation import annotated, span_of

ADA = "[Ada|Speaker#1] said [it [rains|Claim#3] in [Oslo|Location#4]|Claim#2]."
