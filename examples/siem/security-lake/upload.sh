#!/bin/sh
# Copies what `pushgraph export --format parquet` wrote to the custom sources of sources.json.
#
#     upload.sh FOLDER BUCKET REGION
#
# What is there already is not copied again. AWS_PROFILE names the role that each source was made with, or one that may
# write to all of them.
set -eu
folder=$1 bucket=$2 region=$3

for class in "$folder"/*/1.3.0; do
  # Before the first export is whole there is none.
  [ -d "$class" ] || continue
  name=$(basename "$(dirname "$class")")
  # AWS takes names of 20 characters at most: push_detection_finding would be longer.
  case $name in *_activity | *_finding | *_management) name=${name%_*} ;; esac
  for connector in "$class"/connector=*; do
    aws s3 sync --only-show-errors --exclude '*' --include '*.parquet' "$connector/" \
      "s3://$bucket/ext/push_$name/region=$region/accountId=external_${connector##*/connector=}/"
  done
done
