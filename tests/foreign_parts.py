"""The XML of what users add to a planner, as Excel writes it: texts for tests/foreign_templates.py."""

from __future__ import annotations

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_XDR = f'xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main"'

SPARKLINES = (
    f'<extLst><ext uri="{{{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}}}" xmlns:x14="{_X14}">'
    f'<x14:sparklineGroups xmlns:xm="{_XM}"><x14:sparklineGroup displayEmptyCellsAs="gap">'
    '<x14:colorSeries rgb="FF1B3A57"/><x14:sparklines>{lines}</x14:sparklines>'
    "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
)


def _corner(name: str, column: int, row: int) -> str:
    return (
        f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{name}>"
    )


def _anchored(content: str, column: int, row: int) -> str:
    return (
        f"{_XML}<xdr:wsDr {_XDR}><xdr:twoCellAnchor>{_corner('from', column, row)}"
        f"{_corner('to', column + 2, row + 2)}{content}<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )


_FRAME = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="1219200" cy="381000"/></a:xfrm>'
_RECTANGLE = f'<xdr:spPr>{_FRAME}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'

PICTURE_DRAWING = _anchored(
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo" descr="Our logo"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    f'<xdr:blipFill><a:blip xmlns:r="{_LINK}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
    f"{_RECTANGLE}</xdr:pic>",
    10,
    2,
)

BUTTON = f'{_XML}<formControlPr xmlns="{_X14}" objectType="Button" lockText="1"/>'
BUTTON_DRAWING = _anchored(
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="1025" name="Button 1"/><xdr:cNvSpPr/></xdr:nvSpPr>'
    f"{_RECTANGLE}</xdr:sp>",
    32,
    1,
)
BUTTON_SHAPE = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>
 <v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"/>
 <v:shape id="_x0000_s1025" type="#_x0000_t201" style='position:absolute;margin-left:600pt;margin-top:30pt;
  width:96pt;height:24pt;z-index:1' o:button="t" fillcolor="buttonFace [67]" o:insetmode="auto">
  <v:textbox><div style='text-align:center'><font face="Calibri" size="220">Refresh</font><br></div></v:textbox>
  <x:ClientData ObjectType="Button"><x:Anchor>32, 0, 1, 0, 34, 0, 3, 0</x:Anchor>
   <x:PrintObject>False</x:PrintObject><x:AutoFill>False</x:AutoFill></x:ClientData>
 </v:shape>
</xml>
"""
BUTTON_CONTROL = (
    f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="x14" xmlns:x14="{_X14}"><controls>'
    f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="x14">'
    '<control shapeId="1025" r:id="{id}" name="Button 1">'
    '<controlPr defaultSize="0" print="0" autoFill="0" autoPict="0">'
    f'<anchor moveWithCells="1" sizeWithCells="1"><from {_XDR}>'
    "<xdr:col>32</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></from>"
    f"<to {_XDR}><xdr:col>34</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></to>"
    "</anchor></controlPr></control></mc:Choice></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>"
)

_COMMENT_ID = "{6B1D7A52-0C8E-4E0B-9C57-1F0E6C2B9A01}"
_PERSON_ID = "{C9A3B0D4-5E21-4F5C-8B77-2A8F4D1E6B02}"
COMMENT = (
    f'{_XML}<comments xmlns="{_MAIN}" xmlns:mc="{_MC}" mc:Ignorable="xr"'
    ' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision">'
    f"<authors><author>tc={_COMMENT_ID}</author></authors><commentList>"
    f'<comment ref="C7" authorId="0" shapeId="0" xr:uid="{_COMMENT_ID}"><text><t>[Threaded comment]\n\n'
    "Comment:\n    Is Ada still here?</t></text></comment></commentList></comments>"
)
COMMENT_SHAPE = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>
 <v:shape id="_x0000_s2049" type="#_x0000_t202" style='position:absolute;visibility:hidden'
  fillcolor="infoBackground [80]">
  <x:ClientData ObjectType="Note"><x:Anchor>4, 15, 6, 10, 6, 31, 9, 9</x:Anchor>
   <x:Row>6</x:Row><x:Column>2</x:Column></x:ClientData>
 </v:shape>
</xml>
"""
_THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
THREADED_COMMENT = (
    f'{_XML}<ThreadedComments xmlns="{_THREADED}" xmlns:x="{_MAIN}">'
    f'<threadedComment ref="C7" dT="2027-01-04T09:00:00.00" personId="{_PERSON_ID}" id="{_COMMENT_ID}">'
    "<text>Is Ada still here?</text></threadedComment></ThreadedComments>"
)
PERSON = (
    f'{_XML}<personList xmlns="{_THREADED}" xmlns:x="{_MAIN}">'
    f'<person displayName="Bo Åkesson" id="{_PERSON_ID}" userId="Bo Åkesson" providerId="None"/></personList>'
)

SLICER_CACHE = (
    f'{_XML}<slicerCacheDefinition xmlns="{_X14}" name="Slicer_Outcome" sourceName="Outcome"><extLst>'
    f'<x:ext uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}" xmlns:x="{_MAIN}" xmlns:x15="{_X15}">'
    '<x15:tableSlicerCache tableId="2" column="11"/></x:ext></extLst></slicerCacheDefinition>'
)
SLICER = (
    f'{_XML}<slicers xmlns="{_X14}">'
    '<slicer name="Outcome" cache="Slicer_Outcome" caption="Outcome" rowHeight="241300"/></slicers>'
)
SLICER_LIST = (
    f'<extLst><ext uri="{{{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}}}" xmlns:x15="{_X15}">'
    f'<x14:slicerList xmlns:x14="{_X14}"><x14:slicer r:id="{{id}}"/></x14:slicerList></ext></extLst>'
)
SLICER_CACHES = (
    f'<ext uri="{{{{46BE6895-7355-4a93-B00E-2C351335B9C9}}}}" xmlns:x15="{_X15}">'
    f'<x15:slicerCaches xmlns:x14="{_X14}"><x14:slicerCache r:id="{{id}}"/></x15:slicerCaches></ext>'
)
_SLICER_URI = "http://schemas.microsoft.com/office/drawing/2012/slicer"
SLICER_DRAWING = _anchored(
    f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="sle15" xmlns:sle15="{_SLICER_URI}">'
    '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Outcome" descr="Filter by outcome"/>'
    '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
    f'<a:graphic><a:graphicData uri="{_SLICER_URI}"><sle:slicer xmlns:sle="http://schemas.microsoft.com/office/drawing/2010/slicer"'
    ' name="Outcome"/></a:graphicData></a:graphic></xdr:graphicFrame></mc:Choice>'
    '<mc:Fallback><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" name=""/><xdr:cNvSpPr/></xdr:nvSpPr>'
    f"{_RECTANGLE}</xdr:sp></mc:Fallback></mc:AlternateContent>",
    26,
    2,
)

GADGET = (
    '<extLst><ext uri="{{7D1C2A10-3B4E-4C1D-9E1B-0A2B3C4D5E6F}}" xmlns:g="http://example.com/gadgets">'
    '<g:gadgets><g:gadget r:id="{id}"/></g:gadgets></ext></extLst>'
)
CUSTOM_XML = f'{_XML}<filing xmlns="http://example.com/filing"><cabinet>Sales</cabinet><drawer>Île 北</drawer></filing>'
CUSTOM_XML_PROPERTIES = (
    f'{_XML}<ds:datastoreItem ds:itemID="{{A5E0C3B1-9D27-4C6B-8F40-7B1E2D3C4F05}}"'
    ' xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
    '<ds:schemaRef ds:uri="http://example.com/filing"/></ds:schemaRefs></ds:datastoreItem>'
)
EXTERNAL_BOOK = (
    f'{_XML}<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_LINK}" r:id="rId1">'
    '<sheetNames><sheetName val="Rates"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="2">'
    '<cell r="B2"><v>1.1</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
)


def added_sheet(last: int) -> str:
    """A sheet that reads the deals down to row `last`: values, shared formulas, an array formula, rules of its own."""
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}" xmlns:r="{_LINK}" xmlns:mc="{_MC}" mc:Ignorable="x14ac"'
        ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
        '<dimension ref="A1:D6"/><sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/><sheetData>'
        '<row r="1" x14ac:dyDescent="0.25"><c r="A1" t="inlineStr"><is><t>My bonus</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>Rate &amp; more</t></is></c><c r="B2"><v>0.02</v></c></row>'
        f'<row r="3"><c r="B3"><f>my_rate*SUM(Pipeline!I7:I{last})</f><v>0</v></c>'
        f'<c r="C3"><f>SUM(Pipeline!I$7:I${last})</f><v>0</v></c>'
        '<c r="D3"><f t="shared" ref="D3:D4" si="0">B3*2</f><v>0</v></c></row>'
        '<row r="4"><c r="B4"><f>fig_won*my_rate</f><v>0</v></c>'
        f'<c r="C4"><f>SUM(Pipeline!I$7:I${last})</f><v>0</v></c>'
        '<c r="D4"><f t="shared" si="0"/><v>0</v></c></row>'
        f'<row r="5"><c r="B5"><f t="array" ref="B5">SUM(Pipeline!$I$7:$I${last}*(Pipeline!$L$7:$L${last}="WON"))</f>'
        '<v>0</v></c></row><row r="6"><c r="B6"><f>SUM(tblDeals[Amount])</f><v>0</v></c></row></sheetData>'
        '<conditionalFormatting sqref="B3"><cfRule type="expression" dxfId="0" priority="1">'
        f"<formula>B3&gt;MAX(Pipeline!$I$7:$I${last})</formula></cfRule></conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="A6">'
        f"<formula1>Pipeline!$B$7:$B${last}</formula1></dataValidation></dataValidations>"
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
    )
